/** Text in real time without sockets: RFC 4103, T.140 in redundant RTP payloads (RFC 2198). */
@NullMarked
package org.consentgateway.media.text;

import org.jspecify.annotations.NullMarked;
