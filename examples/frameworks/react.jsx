import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { fetchSession } from './session.js';

// snippet: elements
function Renova({ setDue, setStep }) {
  return (
    <>
      <renova-banner fetchSession={fetchSession} oncounts={({ detail }) => setDue(detail.total)} />
      <renova-wizard fetchSession={fetchSession} onstep={({ detail }) => setStep(detail.step)} />
    </>
  );
}
// snippet end

function Host() {
  const [shown, setShown] = useState(true);
  const [due, setDue] = useState(0);
  const [step, setStep] = useState(0);
  return (
    <>
      <button onClick={() => setShown(!shown)}>{shown ? 'Take away' : 'Bring back'}</button>
      <p>
        {due} due, step {step}
      </p>
      {shown && <Renova setDue={setDue} setStep={setStep} />}
    </>
  );
}

createRoot(document.getElementById('host')).render(
  <StrictMode>
    <Host />
  </StrictMode>,
);
