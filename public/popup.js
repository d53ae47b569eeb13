// The pop-up's last page: wakes the wizard, then closes. The wizard also asks by the clock, so
// nothing depends on this message.
(() => {
  const renewal = document.currentScript?.dataset.renewal ?? document.documentElement.dataset.renewal;
  if ("BroadcastChannel" in window) {
    const channel = new BroadcastChannel("renova");
    channel.postMessage({ renewal });
    channel.close();
  }
  window.close();
})();
