package org.consentgateway.socket;

import org.consentgateway.media.codec.Codec;

/** Immutable. In which messages one assistant is spoken to; what they mean is the same in all. */
public interface Dialect {

    /** WebSocket sub-protocol that is asked for; empty: none. */
    String subprotocol();

    /**
     * The coding in which the media keeps what the assistant says; it hears the caller at the rate
     * of this coding.
     *
     * @param wideband whether the caller has more than 4 kHz
     */
    Codec sound(boolean wideband);

    /** For one call. */
    AssistantTalk talk(NewCall call, Wire wire);
}
