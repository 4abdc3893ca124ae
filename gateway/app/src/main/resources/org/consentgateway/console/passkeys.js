"use strict";
// Signs in by a passkey, and makes one (W3C Web Authentication); where a browser or an address cannot, its forms stay hidden.
(() => {
  const keys = window.PublicKeyCredential;
  if (!keys?.parseRequestOptionsFromJSON || !keys.parseCreationOptionsFromJSON) {
    return;
  }
  const asked = async (form) => {
    const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const options = await answer.json();
    return form.dataset.passkey === "make"
      ? navigator.credentials.create({ publicKey: keys.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: keys.parseRequestOptionsFromJSON(options) });
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (location.origin !== form.dataset.origin) {
      continue;
    }
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = form.querySelector("[role=status]");
      told.textContent = "";
      try {
        form.elements.response.value = JSON.stringify((await asked(form)).toJSON());
      } catch {
        told.textContent = form.dataset.failed;
        return;
      }
      form.submit();
    });
  }
})();
