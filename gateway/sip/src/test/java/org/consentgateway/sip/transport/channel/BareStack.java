package org.consentgateway.sip.transport.channel;

import gov.nist.core.CommonLogger;
import gov.nist.core.net.NetworkLayer;
import gov.nist.javax.sip.SipStackImpl;
import java.util.Properties;
import javax.sip.PeerUnavailableException;
import org.consentgateway.sip.transport.MessageLog;
import org.consentgateway.sip.transport.StackLog;

/** The stack without a listening point, for what connections need of it. Thread-safe. */
final class BareStack extends SipStackImpl {
    private BareStack(Properties properties) throws PeerUnavailableException {
        super(properties);
        ioHandler = new KeptSockets(this);
    }

    static BareStack over(NetworkLayer network, String suites) throws PeerUnavailableException {
        BareStack stack = of(suites);
        stack.networkLayer = network;
        return stack;
    }

    /**
     * Over its own sockets.
     *
     * @param suites of TLS, separated by blanks
     */
    static BareStack of(String suites) throws PeerUnavailableException {
        CommonLogger.useLegacyLogger = true;
        CommonLogger.legacyLogger = new StackLog();
        Properties properties = new Properties();
        properties.setProperty("javax.sip.STACK_NAME", "bare");
        properties.setProperty("gov.nist.javax.sip.STACK_LOGGER", StackLog.class.getName());
        properties.setProperty("gov.nist.javax.sip.SERVER_LOGGER", MessageLog.class.getName());
        properties.setProperty("gov.nist.javax.sip.TLS_CLIENT_PROTOCOLS", "TLSv1.3 TLSv1.2");
        properties.setProperty("gov.nist.javax.sip.ENABLED_CIPHER_SUITES", suites);
        return new BareStack(properties);
    }
}
