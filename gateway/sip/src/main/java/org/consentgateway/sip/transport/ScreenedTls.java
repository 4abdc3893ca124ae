package org.consentgateway.sip.transport;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * TLS over connections that have passed the screen: a stranger is closed before the first octet of
 * a handshake. Confined to the stack's accepting thread, but for {@link #close}.
 */
final class ScreenedTls extends SSLServerSocket {
    private final ServerSocket screened;
    private final Certificates certificates;
    private final SSLParameters supported;
    private final SSLParameters parameters;
    private final StreamScreen streams;
    private boolean sessionCreation = true;

    /** What is shown and believed; asked anew for each handshake. */
    @FunctionalInterface
    interface Certificates {
        SSLContext now() throws IOException;
    }

    /**
     * @param streams what is read of a connection is read through it
     */
    ScreenedTls(
            ServerSocket screened,
            Certificates certificates,
            String[] versions,
            StreamScreen streams)
            throws IOException {
        this.screened = screened;
        this.streams = streams;
        this.certificates = certificates;
        this.supported = certificates.now().getSupportedSSLParameters();
        this.parameters = certificates.now().getDefaultSSLParameters();
        this.parameters.setProtocols(versions);
    }

    @Override
    public Socket accept() throws IOException {
        Socket plain = screened.accept();
        SSLSocket secured =
                (SSLSocket) certificates.now().getSocketFactory().createSocket(plain, null, true);
        secured.setUseClientMode(false);
        secured.setSSLParameters(parameters);
        secured.setEnableSessionCreation(sessionCreation);
        return new ScreenedTlsSocket(secured, streams);
    }

    @Override
    public void close() throws IOException {
        screened.close();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return parameters.getCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        parameters.setCipherSuites(suites);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return supported.getCipherSuites();
    }

    @Override
    public String[] getSupportedProtocols() {
        return supported.getProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return parameters.getProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        // Those configured: the stack's are of another age.
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        parameters.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return parameters.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        // Setting "want" clears "need" (SSLParameters), and the stack sets both in a row.
        if (!parameters.getNeedClientAuth()) {
            parameters.setWantClientAuth(want);
        }
    }

    @Override
    public boolean getWantClientAuth() {
        return parameters.getWantClientAuth();
    }

    @Override
    public void setUseClientMode(boolean client) {
        // Always the server's side.
    }

    @Override
    public boolean getUseClientMode() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean creation) {
        sessionCreation = creation;
    }

    @Override
    public boolean getEnableSessionCreation() {
        return sessionCreation;
    }
}
