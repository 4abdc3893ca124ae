package org.consentgateway.sip.transport;

import java.net.InetAddress;
import javax.sip.ClientTransaction;
import javax.sip.message.Response;

/** What becomes of a request of ours. Called on a SIP thread. */
public interface TransactionUser {
    /**
     * @param source where it came from
     */
    void response(Response response, InetAddress source);

    /** The transaction of the request, which is about to go out. */
    default void sending(ClientTransaction transaction) {}

    /**
     * Whether it is tried by another way as soon as this one has failed: then nothing is waited for
     * once its connection has ended.
     */
    default boolean hasAnotherWay() {
        return false;
    }

    /** Nothing came (64*T1), or it could not be sent. */
    void failed(boolean timeout);

    /** Where the outcome changes nothing, as with BYE and CANCEL. */
    TransactionUser WHATEVER =
            new TransactionUser() {
                @Override
                public void response(Response response, InetAddress source) {}

                @Override
                public void failed(boolean timeout) {}
            };
}
