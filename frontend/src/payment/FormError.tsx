// Why a payment is not confirmed, said to whoever reads by ear, too.
export function FormError({ message }: { readonly message: string | undefined }) {
  return (
    <div role="alert">
      {message !== undefined && (
        <div className="told bad">
          <p>{message}</p>
        </div>
      )}
    </div>
  );
}
