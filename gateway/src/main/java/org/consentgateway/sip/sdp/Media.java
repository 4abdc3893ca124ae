package org.consentgateway.sip.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. One {@code m=} section.
 *
 * @param kind "audio", "video", …
 * @param port 0 where the stream is refused or ended
 * @param protocol such as "RTP/AVP"
 * @param formats the format list as written
 * @param payloads those formats that are RTP payload types with a known encoding, in order of
 *     preference
 * @param connection the section's own {@code c=}, or the session's; null where neither was given
 * @param rtcp from {@code a=rtcp} (RFC 3605), else null
 */
public record Media(
        String kind,
        int port,
        String protocol,
        List<String> formats,
        List<PayloadFormat> payloads,
        @Nullable InetAddress connection,
        Direction direction,
        @Nullable InetSocketAddress rtcp) {

    /** RFC 3264 §8.4 and RFC 3261's predecessor: a null address puts us on hold. */
    public boolean holdsByNullAddress() {
        return connection != null && connection.isAnyLocalAddress();
    }
}
