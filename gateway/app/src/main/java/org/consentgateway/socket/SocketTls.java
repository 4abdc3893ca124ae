package org.consentgateway.socket;

import io.netty.buffer.ByteBufAllocator;
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

/** Immutable. Whom we believe over TLS, and as whom we show ourselves. */
public final class SocketTls {
    private final SslContext context;

    private SocketTls(SslContext context) {
        this.context = context;
    }

    /**
     * @param roots PEM files of the authorities to believe; none: those of the Java runtime
     * @param certificate PEM, ours; none: we show none
     * @param key PEM, its private key (PKCS#8, no password)
     * @throws IOException saying which file is of no use
     */
    public static SocketTls of(List<Path> roots, Optional<Path> certificate, Optional<Path> key)
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
            return new SocketTls(builder.build());
        } catch (IllegalArgumentException e) {
            throw new IOException("no certificate and key: " + certificate + ", " + key, e);
        }
    }

    SslHandler handler(ByteBufAllocator allocator, SocketTarget target) {
        return context.newHandler(allocator, target.host(), target.port());
    }
}
