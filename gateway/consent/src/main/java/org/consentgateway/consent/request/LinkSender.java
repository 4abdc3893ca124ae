package org.consentgateway.consent.request;

import org.consentgateway.consent.Notice;
import org.consentgateway.consent.PhoneNumber;

/** Thread-safe. Sends callers who want it the address of the information as a text message. */
public interface LinkSender {
    /** There is nobody who could. */
    LinkSender NONE =
            new LinkSender() {
                @Override
                public boolean canSend(Notice notice) {
                    return false;
                }

                @Override
                public boolean send(PhoneNumber to, Notice notice) {
                    return false;
                }
            };

    boolean canSend(Notice notice);

    /**
     * Hands it over and returns at once.
     *
     * @return whether it was taken to be sent
     */
    boolean send(PhoneNumber to, Notice notice);
}
