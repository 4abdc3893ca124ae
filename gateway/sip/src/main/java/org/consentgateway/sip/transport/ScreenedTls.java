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
 * a handshake. Confined to the stack's accepting thread, but for {@link #close} and what it tells
 * of itself.
 */
final class ScreenedTls extends SSLServerSocket {
    private final ServerSocket screened;
    private final Certificates certificates;
    private final SSLParameters supported;
    private final SSLParameters parameters;
    private final Secured secured;
    private boolean sessionCreation = true;

    /** What is shown and believed; asked anew for each handshake. */
    @FunctionalInterface
    interface Certificates {
        SSLContext now() throws IOException;
    }

    /** What the stack gets of a connection that was accepted. */
    @FunctionalInterface
    interface Secured {
        Socket over(Socket plain, SSLSocket tls) throws IOException;
    }

    ScreenedTls(
            ServerSocket screened, Certificates certificates, String[] versions, Secured secured)
            throws IOException {
        this.screened = screened;
        this.secured = secured;
        this.certificates = certificates;
        this.supported = certificates.now().getSupportedSSLParameters();
        this.parameters = certificates.now().getDefaultSSLParameters();
        this.parameters.setProtocols(versions);
    }

    @Override
    public Socket accept() throws IOException {
        while (true) {
            Socket plain = screened.accept();
            try {
                return secured(plain);
            } catch (IOException goneAlready) {
                // One connection: the stack would never accept another if it heard of it.
                plain.close();
            }
        }
    }

    private Socket secured(Socket plain) throws IOException {
        SSLSocket tls =
                (SSLSocket) certificates.now().getSocketFactory().createSocket(plain, null, true);
        tls.setUseClientMode(false);
        tls.setSSLParameters(parameters);
        tls.setEnableSessionCreation(sessionCreation);
        return secured.over(plain, tls);
    }

    @Override
    public void close() throws IOException {
        screened.close();
    }

    @Override
    public boolean isClosed() {
        return screened.isClosed();
    }

    @Override
    public int getLocalPort() {
        return screened.getLocalPort();
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
