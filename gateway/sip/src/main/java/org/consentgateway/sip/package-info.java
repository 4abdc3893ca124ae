/**
 * The only {@code javax.sip} code: translates and enqueues, never blocks. It has no class of its
 * own; each package knows only those below it:
 *
 * <pre>
 *   endpoint      façade; takes and makes calls, UAS core
 *   dialog        one call: dialog, INVITE on both sides, offer and answer, transfers
 *   registration  what goes on with servers beside calls: REGISTER, flows, OPTIONS
 *   transport     JAIN-SIP and the sockets below it
 *   screen        what is decided about a message before it is parsed
 *   counters      what is counted, and why messages are turned away
 *   trunk         whom we know, and who calls whom
 *   auth, dns     digest; the servers behind a URI
 *   sdp           session descriptions, offer and answer
 *   message       what one message says, as text
 * </pre>
 */
@NullMarked
package org.consentgateway.sip;

import org.jspecify.annotations.NullMarked;
