package org.consentgateway.socket;

import org.consentgateway.media.codec.G711;

/** Immutable. In which messages one assistant is spoken to; what they mean is the same in all. */
public interface Dialect {

    /** WebSocket sub-protocol that is asked for; empty: none. */
    String subprotocol();

    /** The coding of what the assistant says. */
    G711 sound();

    /** For one call. */
    AssistantTalk talk(NewCall call, Wire wire);
}
