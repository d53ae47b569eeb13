// Renova in a host's page: <renova-banner> and <renova-wizard>, each a frame with a session of its
// own. Types and contract: renova.d.ts, docs/embedding.md. No dependency, no cookie; every message
// goes to Renova's exact origin, and none is taken from anybody else.

const base = new URL(".", import.meta.url);

const TITLES = {
  banner: { "pt-BR": "Renovação necessária", en: "Renewal needed", es: "Renovación necesaria" },
  wizard: { "pt-BR": "Renovar conexão", en: "Renew connection", es: "Renovar conexión" },
};
// How long a frame may take until it speaks; and the pauses between two tries to get a session.
const SILENT_MS = 15_000;
const PAUSES_MS = [5_000, 60_000];
const CLOSE = { "pt-BR": "Fechar", en: "Close", es: "Cerrar" };
// What the frame says that the host may want to know.
const EVENTS = ["ready", "step", "finished", "closed", "failed", "counts", "renew"];

class RenovaElement extends HTMLElement {
  static observedAttributes = ["locale", "theme", "connection"];
  #frame = null;
  #token = null;
  #appearance = null;
  // Which beginning counts: one that was waiting for its session may be too late.
  #turn = 0;
  #beginning = false;
  #pause = 0;
  #timer = 0;
  #dialog = null;
  #ear = (event) => this.#hear(event);

  /** @type {(() => Promise<{token: string, embed_id: string}>) | null} */
  #fetchSession = null;

  constructor() {
    super();
    // What a framework has set before the module arrived.
    for (const name of ["fetchSession", "appearance", "locale", "theme", "connection"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
  }

  get fetchSession() {
    return this.#fetchSession;
  }
  set fetchSession(value) {
    this.#fetchSession = value;
    if (this.isConnected) this.#begin();
  }

  get appearance() {
    return this.#appearance;
  }
  set appearance(value) {
    this.#appearance = value;
    this.#sendUpdate();
  }

  get locale() {
    return this.getAttribute("locale") ?? "";
  }
  set locale(value) {
    this.#reflect("locale", value);
  }

  get theme() {
    return this.getAttribute("theme") ?? "auto";
  }
  set theme(value) {
    this.#reflect("theme", value);
  }

  get connection() {
    return this.getAttribute("connection") ?? "";
  }
  set connection(value) {
    this.#reflect("connection", value);
  }

  #reflect(name, value) {
    if (value == null || value === "") this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  connectedCallback() {
    this.style.display ||= "block";
    this.#begin();
  }

  // A list that is sorted takes its items out and puts them in again: that keeps nothing of a frame.
  disconnectedCallback() {
    this.destroy();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name !== "connection") this.#sendUpdate();
    else if (this.#frame) this.#restart();
  }

  /** Sets several at once. */
  update(changes = {}) {
    for (const name of ["locale", "theme", "connection", "appearance", "fetchSession"]) {
      if (name in changes) this[name] = changes[name];
    }
  }

  /** Takes the frame away, and with it the session. Connected again, the element begins anew. */
  destroy() {
    this.#turn += 1;
    this.#beginning = false;
    this.#pause = 0;
    clearTimeout(this.#timer);
    this.#dialog?.remove();
    this.#dialog = null;
    this.#frame?.remove();
    this.#frame = this.#token = null;
    removeEventListener("message", this.#ear);
  }

  #restart() {
    this.destroy();
    this.#begin();
  }

  // The session first: it names the organization that the frame belongs to.
  async #begin() {
    if (this.#frame || this.#beginning || !this.#fetchSession || !this.isConnected) return;
    clearTimeout(this.#timer);
    this.#beginning = true;
    const turn = this.#turn;
    const session = await this.#session();
    if (turn !== this.#turn) return;
    this.#beginning = false;
    if (!session) return this.#later();
    this.#pause = 0;
    this.#token = session.token;
    const address = new URL(`${encodeURIComponent(session.embed_id)}/${this.kind}`, base);
    address.search = new URLSearchParams({
      origin: location.origin,
      locale: this.locale,
      theme: this.theme,
      connection: this.connection,
    });
    const frame = document.createElement("iframe");
    frame.style.cssText = "display:block;width:100%;height:0;border:0";
    frame.src = address;
    addEventListener("message", this.#ear);
    this.#frame = frame;
    this.#dress();
    this.append(frame);
    this.#timer = setTimeout(() => this.#tell("failed", { code: "unreachable" }), SILENT_MS);
  }

  // Without a session there is no frame that could ask again.
  #later() {
    const [first, longest] = PAUSES_MS;
    const isNews = !this.#pause;
    this.#pause = Math.min(this.#pause * 2 || first, longest);
    this.#timer = setTimeout(() => this.#begin(), this.#pause);
    if (isNews) this.#tell("failed", { code: "session_over" });
  }

  async #session() {
    try {
      const session = await this.#fetchSession();
      if (session?.token && session.embed_id) return session;
    } catch (error) {
      console.warn("renova: fetchSession", error);
    }
    return null;
  }

  #word(words) {
    const wanted = this.locale || document.documentElement.lang;
    return words[wanted] ?? words[wanted.slice(0, 2)] ?? words["pt-BR"];
  }

  #send(message) {
    this.#frame?.contentWindow?.postMessage({ source: "renova", ...message }, base.origin);
  }

  // A frame of another scheme than its content gets an opaque ground.
  #dress() {
    this.#frame.title = this.#word(TITLES[this.kind]);
    this.#frame.style.colorScheme = this.theme === "auto" ? "light dark" : this.theme;
  }

  #sendUpdate() {
    if (!this.#frame) return;
    this.#dress();
    const { locale, theme } = this;
    this.#send({ type: "update", locale, theme, appearance: this.#appearance && { ...this.#appearance } });
  }

  async #hear({ source, origin, data }) {
    if (origin !== base.origin || !source || source !== this.#frame?.contentWindow || data?.source !== "renova") return;
    const { source: _, type, ...detail } = data;
    if (type === "height") this.#frame.style.height = `${Math.ceil(detail.px)}px`;
    else if (type === "hello" || type === "session") {
      clearTimeout(this.#timer);
      // A token is good once.
      const token = this.#token ?? (await this.#session())?.token ?? null;
      this.#token = null;
      this.#sendUpdate();
      this.#send({ type: "session", token });
    } else if (EVENTS.includes(type)) {
      const goesOn = this.#tell(type, detail);
      if (type === "renew" && goesOn) this.#open(detail.connection_id);
    }
  }

  #tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: type === "renew" }));
  }

  // What happens on `renew` where the host has nothing else in mind.
  #open(connection) {
    if (this.#dialog) return;
    const dialog = document.createElement("dialog");
    const close = document.createElement("button");
    const wizard = document.createElement("renova-wizard");
    const dark = this.theme === "dark" || (this.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    dialog.setAttribute("aria-label", this.#word(TITLES.wizard));
    dialog.className = "renova-dialog";
    dialog.style.cssText = `box-sizing:border-box;width:min(46rem,calc(100vw - 16px));max-height:calc(100dvh - 16px);margin:auto;padding:0;border:0;border-radius:14px;overflow:auto;background:${dark ? "#101618" : "#f5f8f9"};color:${dark ? "#e9eeef" : "#1c2426"}`;
    close.type = "button";
    close.textContent = "✕";
    close.setAttribute("aria-label", this.#word(CLOSE));
    close.style.cssText = "position:sticky;top:0;float:right;width:44px;height:44px;border:0;background:none;color:inherit;font:18px/1 system-ui;cursor:pointer";
    const { locale, theme, appearance, fetchSession } = this;
    wizard.update({ locale, theme, appearance, connection });
    wizard.fetchSession = fetchSession;
    close.onclick = () => dialog.close();
    wizard.addEventListener("closed", () => dialog.close());
    // Whoever takes the banner away once all is well leaves the good news to its reader.
    wizard.addEventListener("finished", () => (this.#dialog = null));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (this.#dialog === dialog) this.#dialog = null;
    });
    dialog.append(close, wizard);
    // Beside the banner, so that its events bubble to the same place.
    this.#dialog = dialog;
    this.after(dialog);
    dialog.showModal();
  }
}

class RenovaBanner extends RenovaElement {
  kind = "banner";
}
class RenovaWizard extends RenovaElement {
  kind = "wizard";
}

customElements.get("renova-banner") ?? customElements.define("renova-banner", RenovaBanner);
customElements.get("renova-wizard") ?? customElements.define("renova-wizard", RenovaWizard);

export { RenovaBanner, RenovaWizard };
