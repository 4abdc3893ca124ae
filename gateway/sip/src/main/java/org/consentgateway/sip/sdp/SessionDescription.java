package org.consentgateway.sip.sdp;

import java.util.List;

/**
 * What offer/answer needs of a session description. Immutable.
 *
 * @param sessionId and {@code version} of the {@code o=} line: the same version means the same
 *     description (RFC 3264 §8)
 */
public record SessionDescription(String sessionId, String version, List<Media> media) {}
