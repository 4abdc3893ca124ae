package org.consentgateway.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.JwsKeys;
import org.consentgateway.token.TokenKeys;
import org.consentgateway.token.TrialTokens;
import org.consentgateway.web.CallControl;
import org.consentgateway.web.Web;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the main thread. Serves keys and status lists of tokens of a trial, as a gateway does
 * its own.
 */
final class TrialIssuer implements AutoCloseable {
    private final @Nullable TrialTokens tokens;
    private final @Nullable Web door;
    private final @Nullable Path folder;

    private TrialIssuer(@Nullable TrialTokens tokens, @Nullable Web door, @Nullable Path folder) {
        this.tokens = tokens;
        this.door = door;
        this.folder = folder;
    }

    /**
     * @param issuer empty: there are no tokens
     * @throws IllegalArgumentException where that is no address to listen on
     */
    static TrialIssuer open(Optional<URI> issuer) throws IOException {
        if (issuer.isEmpty()) {
            return new TrialIssuer(null, null, null);
        }
        URI at = issuer.get();
        if (!"http".equals(at.getScheme()) || at.getHost() == null || at.getPort() < 1) {
            throw new IllegalArgumentException(
                    "--issuer " + at + ": right would be http://127.0.0.1:8099");
        }
        Path folder = Files.createTempDirectory("consent-gateway-trial");
        TrialTokens tokens =
                new TrialTokens(
                        keys(folder.resolve("published")),
                        keys(folder.resolve("unpublished")),
                        at.toString(),
                        InstantSource.system());
        var address = new InetSocketAddress(at.getHost(), at.getPort());
        return new TrialIssuer(
                tokens, Web.startPublic(address, tokens.published(), new NobodysCalls()), folder);
    }

    private static TokenKeys keys(Path folder) throws IOException {
        return new TokenKeys(JwsKeys.open(folder, "trial", JwsKey.Algorithm.ES256));
    }

    @Nullable TrialTokens tokens() {
        return tokens;
    }

    @Override
    public void close() throws IOException {
        if (door != null) {
            door.close();
        }
        if (folder != null) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** There are no calls to hang up or to hand over. */
    private static final class NobodysCalls implements CallControl {
        @Override
        public boolean knows(String account, String token) {
            return false;
        }

        @Override
        public Answer hangUp(String account, String call) {
            return Answer.NO_SUCH_CALL;
        }

        @Override
        public Answer handOver(String account, String call, String to) {
            return Answer.NO_SUCH_CALL;
        }
    }
}
