package org.consentgateway.sip.sdp;

import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.TextFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a session consists of, as agreed last: at least one of the two. Immutable.
 *
 * @param audio null where there is none
 * @param text in real time (RFC 4103); null where there is none
 */
public record AgreedMedia(@Nullable AudioStream audio, @Nullable TextStream text) {

    /** Sound, by RTP. */
    public record AudioStream(MediaFormat format, MediaPeer peer) {}

    /** Text, by RTP. */
    public record TextStream(TextFormat format, MediaPeer peer) {}

    /** Who is told what was agreed. Called on a SIP thread: hand over and return. */
    public interface Listener {
        /**
         * Offer/answer is done, first or again (re-INVITE, UPDATE): hold is in {@link
         * MediaPeer#direction()}. For those who hear and speak only.
         */
        void media(MediaFormat format, MediaPeer peer);

        /** The same, for those who read and write as well: told in place of it. */
        default void agreed(AgreedMedia now) {
            AudioStream heard = now.audio();
            if (heard != null) {
                media(heard.format(), heard.peer());
            }
        }
    }
}
