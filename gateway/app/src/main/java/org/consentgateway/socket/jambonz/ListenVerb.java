package org.consentgateway.socket.jambonz;

import org.consentgateway.media.codec.G711;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.Dialect;
import org.consentgateway.socket.NewCall;
import org.consentgateway.socket.Wire;

/** Immutable. One assistant that is spoken to as jambonz does it. */
public final class ListenVerb implements Dialect {
    /** Audio; that of jambonz' own control socket is another. */
    @Override
    public String subprotocol() {
        return "audio.drachtio.org";
    }

    /** What comes is linear; on a European line A-law is what is left of it. */
    @Override
    public G711 sound() {
        return G711.PCMA;
    }

    @Override
    public AssistantTalk talk(NewCall call, Wire wire) {
        return new ListenTalk(call, wire);
    }
}
