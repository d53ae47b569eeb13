// The browser of tests and measurements: Debian's, or RENOVA_CHROMIUM.

export const browser = {
  executablePath: process.env.RENOVA_CHROMIUM || '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
