package org.consentgateway.socket.openai;

import org.consentgateway.media.codec.Codec;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.Dialect;
import org.consentgateway.socket.NewCall;
import org.consentgateway.socket.Wire;

/** Immutable. A model behind GPT-Live. */
public final class GptLive implements Dialect {
    private final ModelSettings settings;

    public GptLive(ModelSettings settings) {
        this.settings = settings;
    }

    @Override
    public String subprotocol() {
        return "";
    }

    @Override
    public Codec sound(boolean wideband) {
        return settings.sound(wideband);
    }

    @Override
    public AssistantTalk talk(NewCall call, Wire wire) {
        return new GptLiveTalk(settings, wire);
    }
}
