/**
 * Session descriptions (RFC 8866) and offer/answer (RFC 3264) as pure functions over values.
 *
 * <p>They are read by our own parser, although the {@code javax.sdp} of JAIN-SIP is in the same
 * jar: that one prints stack traces for bad input and throws, takes port 70000, payload type 300,
 * the address 999.1.1.1 and 20,000 media lines, and of single descriptions with a few changed
 * octets lets one in seven through with a connection address that is none. Ours has a limit for all
 * it keeps, gives a value for whatever it is handed, and says what is wrong without quoting it.
 */
@NullMarked
package org.consentgateway.sip.sdp;

import org.jspecify.annotations.NullMarked;
