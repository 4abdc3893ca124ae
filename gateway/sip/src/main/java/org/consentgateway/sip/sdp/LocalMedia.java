package org.consentgateway.sip.sdp;

import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where our media of one call listens. Immutable.
 *
 * @param audio null where we do not offer any
 */
public record LocalMedia(@Nullable InetSocketAddress audio, TextPort text) {

    /** Where our text listens; found out only where the peer has text. Thread-safe. */
    public interface TextPort {
        TextPort NONE = () -> null;

        /**
         * @return always the same; null where we have none
         */
        @Nullable InetSocketAddress open();
    }

    public static LocalMedia ofAudio(InetSocketAddress audio) {
        return new LocalMedia(audio, TextPort.NONE);
    }

    /** The same, as the other side is to see it. */
    public LocalMedia seen(UnaryOperator<InetSocketAddress> from) {
        return new LocalMedia(
                audio == null ? null : from.apply(audio),
                () -> {
                    InetSocketAddress opened = text.open();
                    return opened == null ? null : from.apply(opened);
                });
    }
}
