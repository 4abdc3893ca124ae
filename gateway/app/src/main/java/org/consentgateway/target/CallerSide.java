package org.consentgateway.target;

import java.util.List;
import java.util.Map;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What the leg to a target must know of the caller's leg.
 *
 * @param leg the target's leg is opened beside it, on the same event loop
 * @param has what the caller has, and so a target needs
 * @param calledNumber the number that was dialled
 * @param passedHeaders headers of the INVITE that go on untouched
 * @param call to have the caller's side call somebody itself
 */
public record CallerSide(
        MediaLeg leg,
        Has has,
        CallerIdentity caller,
        String calledNumber,
        Map<String, List<String>> passedHeaders,
        IncomingCall call) {

    /**
     * Immutable.
     *
     * @param codec of the caller's leg: offered first, so that the relay need not transcode; null
     *     for a caller without audio
     * @param text whether the caller reads and types
     * @param needsText whether the caller answers in text: an assistant that has none is of no use
     */
    public record Has(@Nullable Codec codec, boolean text, boolean needsText) {
        /** Whether there is more than 4 kHz in what the caller says, and can hear. */
        public boolean isWideband() {
            return codec != null && codec.isWideband();
        }

        /** To be named first in an offer. */
        Codec preferred() {
            return codec == null ? Codec.all().getFirst() : codec;
        }
    }
}
