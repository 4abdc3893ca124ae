package org.consentgateway.socket.openai;

import org.consentgateway.media.codec.Codec;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.Dialect;
import org.consentgateway.socket.NewCall;
import org.consentgateway.socket.Wire;

/** Immutable. A model behind the Realtime API. */
public final class Realtime implements Dialect {
    private final ModelSettings settings;

    public Realtime(ModelSettings settings) {
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
        return new RealtimeTalk(settings, wire);
    }
}
