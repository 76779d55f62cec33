// What is wrong with a field, where it is entered.

export function FieldError({ id, text }: { id: string; text: string | undefined }) {
  return (
    <p id={id} className="field-error">
      {text}
    </p>
  );
}
