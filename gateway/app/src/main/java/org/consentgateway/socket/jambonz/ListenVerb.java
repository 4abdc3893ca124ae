package org.consentgateway.socket.jambonz;

import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.L16;
import org.consentgateway.socket.AssistantTalk;
import org.consentgateway.socket.Dialect;
import org.consentgateway.socket.NewCall;
import org.consentgateway.socket.Wire;

/** Immutable. One assistant that is spoken to as jambonz does it. */
public final class ListenVerb implements Dialect {
    private final int rate;

    /**
     * @param rate Hz, of the linear sound in both directions
     */
    public ListenVerb(int rate) {
        this.rate = rate;
    }

    /** Audio; that of jambonz' own control socket is another. */
    @Override
    public String subprotocol() {
        return "audio.drachtio.org";
    }

    /** What comes is linear; on a European line A-law is what is left of it. */
    @Override
    public Codec sound(boolean wideband) {
        return wideband && rate > Codec.NARROWBAND_RATE ? L16.WIDEBAND : G711.PCMA;
    }

    @Override
    public AssistantTalk talk(NewCall call, Wire wire) {
        return new ListenTalk(call, wire, rate);
    }
}
