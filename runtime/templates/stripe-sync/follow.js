// Follows a sync: the server tells whenever something has changed, and at its end the page is read anew.
'use strict';

const progress = document.getElementById('progress');

if (progress !== null) {
  const events = new EventSource(`/api/admin/stripe/sync-products/${progress.dataset.job}/events`);
  const show = (event) => {
    const job = JSON.parse(event.data);
    document.getElementById('status').textContent = job.status;
    for (const [name, count] of Object.entries(job.progress ?? {})) {
      const place = document.getElementById(name);
      if (place !== null) place.textContent = String(count);
    }
  };
  events.addEventListener('progress', show);
  events.addEventListener('done', () => {
    events.close();
    location.reload();
  });
}
