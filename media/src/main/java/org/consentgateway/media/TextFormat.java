package org.consentgateway.media;

/**
 * What both sides agreed to send of text in real time (RFC 4103). Immutable.
 *
 * @param payloadType RTP payload type of text/t140
 * @param redundantPayloadType that of text/red (RFC 2198), or -1 if it was not agreed
 * @param generations how often text that was sent goes out again; 0 without redundancy
 * @param charactersPerSecond that the peer takes, on average over ten seconds
 */
public record TextFormat(
        int payloadType, int redundantPayloadType, int generations, int charactersPerSecond) {
    /** RFC 4103 §6: where nothing else is said. */
    public static final int USUAL_CHARACTERS_PER_SECOND = 30;

    /** RFC 4103 §5.2 recommends so many: two packets in a row may be lost. */
    public static final int USUAL_GENERATIONS = 2;

    public boolean redundant() {
        return redundantPayloadType >= 0 && generations > 0;
    }
}
