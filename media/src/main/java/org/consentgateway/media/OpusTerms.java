package org.consentgateway.media;

/**
 * That the sound of a leg goes over the wire as Opus (RFC 7587), and how. Immutable.
 *
 * @param offeredAs RTP payload type under which we said that we take it, 0 to 127: the peer's own
 *     number of it may be another
 * @param eventClock Hz, of the telephone events beside it: 48,000 or 8,000
 * @param mostBitsPerSecond what the peer bears (maxaveragebitrate)
 */
public record OpusTerms(int offeredAs, int eventClock, int mostBitsPerSecond) {
    /** Hz, of its RTP clock at whichever rate its sound is (RFC 7587 §4.1). */
    public static final int CLOCK_RATE = 48_000;
}
