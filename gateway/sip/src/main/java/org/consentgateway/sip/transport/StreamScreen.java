package org.consentgateway.sip.transport;

import java.io.InputStream;
import java.net.Socket;

/** What is read of a connection, instead of all that comes. */
interface StreamScreen {
    InputStream over(Socket socket, InputStream in);
}
