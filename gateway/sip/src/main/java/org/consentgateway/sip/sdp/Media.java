package org.consentgateway.sip.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code m=} section. Immutable.
 *
 * @param kind "audio", "video", …
 * @param port 0 if the stream is refused or ended
 * @param protocol such as "RTP/AVP"
 * @param formats the format list as written
 * @param payloads those formats that are RTP payload types with a known encoding, in order of
 *     preference
 * @param connection the section's own {@code c=}, or the session's; null if neither was given
 * @param rtcp from {@code a=rtcp} (RFC 3605), else null
 * @param rtcpMux whether RTCP may come on the RTP port (RFC 5761)
 * @param crypto those {@code a=crypto} lines that we can use, in their order
 * @param parameters those of {@code a=fmtp}, by payload type
 */
public record Media(
        String kind,
        int port,
        String protocol,
        List<String> formats,
        List<PayloadFormat> payloads,
        @Nullable InetAddress connection,
        SdpDirection direction,
        @Nullable InetSocketAddress rtcp,
        boolean rtcpMux,
        List<Crypto> crypto,
        Map<Integer, String> parameters) {

    static final String PLAIN = "RTP/AVP";
    static final String SECURE = "RTP/SAVP";

    boolean secure() {
        return protocol.equals(SECURE);
    }

    /** RFC 3264 §8.4 and RFC 3261's predecessor: a null address puts us on hold. */
    public boolean holdsByNullAddress() {
        return connection != null && connection.isAnyLocalAddress();
    }
}
