package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPClientTransactionImpl;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.io.IOException;
import javax.sip.message.Request;

/**
 * A request of ours. The stack acknowledges the refusal of an INVITE before it tells anybody of it,
 * and where the connection has closed meanwhile, so that the ACK cannot be sent, it told nobody at
 * all (behind a provisional response): whoever waited for an answer waited on.
 */
public final class OwnClientTransaction extends SIPClientTransactionImpl {
    public OwnClientTransaction(SIPTransactionStack stack, MessageChannel channel) {
        super(stack, channel);
    }

    @Override
    public void sendMessage(SIPMessage message) throws IOException {
        try {
            super.sendMessage(message);
        } catch (IOException | RuntimeException notSent) {
            if (!message.getCSeq().getMethod().equals(Request.ACK)) {
                throw notSent;
            }
            // Its server says the refusal again, or is gone (RFC 3261 §17.1.1.2).
        }
    }
}
