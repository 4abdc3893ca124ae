package org.consentgateway.connect;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Whom we believe over TLS where we connect, and as whom we show ourselves. Immutable. */
public final class ClientTls {
    private final SslContext context;

    private ClientTls(SslContext context) {
        this.context = context;
    }

    /**
     * @param roots PEM files of the authorities to believe; none: those of the Java runtime
     * @param certificate PEM, ours; none: we show none
     * @param key PEM, its private key (PKCS#8, no password)
     * @throws IOException saying which file is of no use
     */
    public static ClientTls of(List<Path> roots, Optional<Path> certificate, Optional<Path> key)
            throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forClient()
                        .sslProvider(SslProvider.JDK)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .endpointIdentificationAlgorithm("HTTPS");
        if (!roots.isEmpty()) {
            List<InputStream> files = new ArrayList<>();
            for (Path root : roots) {
                files.add(Files.newInputStream(root));
            }
            try (InputStream all = new SequenceInputStream(Collections.enumeration(files))) {
                builder.trustManager(all);
            } catch (IllegalArgumentException e) {
                throw new IOException("no certificates: " + roots, e);
            }
        }
        try {
            if (certificate.isPresent() && key.isPresent()) {
                builder.keyManager(certificate.get().toFile(), key.get().toFile());
            }
            return new ClientTls(builder.build());
        } catch (IllegalArgumentException e) {
            throw new IOException("no certificate and key: " + certificate + ", " + key, e);
        }
    }

    /** For connections that are not Netty's. */
    public SSLContext context() {
        return ((JdkSslContext) context).context();
    }

    /** For one connection, whose certificate has to be of this host. */
    public SslHandler handler(ByteBufAllocator allocator, String host, int port) {
        return context.newHandler(allocator, host, port);
    }
}
