// A part of the pricing page, with its heading.
import type { ReactNode } from 'react';

type Props = { readonly id: string; readonly title: string; readonly lead: string; readonly children: ReactNode };

export function Section({ id, title, lead, children }: Props) {
  return (
    <section id={id} className="section" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p className="lead">{lead}</p>
      {children}
    </section>
  );
}
