package org.consentgateway.sip.dialog;

import java.util.Set;
import javax.sip.message.Message;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Writer;

/**
 * What is settled about a leg before its first message. Immutable.
 *
 * @param srtp whether media with the peer is encrypted
 * @param opus whether its sound may be Opus
 * @param takesInfoDigits whether keys by INFO are believed
 * @param referrals SIP URIs to which the peer may hand over the call
 */
record LegTerms(Srtp srtp, boolean opus, boolean takesInfoDigits, Set<String> referrals) {

    /** As {@link Writer#describe}; who may hand over the call is told so. */
    void describe(Writer writer, Message message, LocalAddress at) {
        writer.describe(message, at);
        if (!referrals.isEmpty()) {
            writer.allowRefer(message);
        }
    }
}
