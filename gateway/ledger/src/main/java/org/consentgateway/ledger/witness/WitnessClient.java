package org.consentgateway.ledger.witness;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.consentgateway.ledger.store.Publisher;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * Confined to its witness's thread. Client of a C2SP tlog-witness: hands it checkpoints of one log,
 * with the proof that each continues the one before, and believes no answer that is not signed by
 * the key that was configured.
 */
final class WitnessClient implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A witness names the size that it knows; it may be told another one meanwhile. */
    private static final int TRIES = 3;

    /** A few signatures, or a checkpoint with some: more is no answer. */
    private static final long MAX_BODY = 64 * 1024;

    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final int INCONSISTENT = 422;

    /** What came of asking. */
    sealed interface Outcome {
        /**
         * @param line of its signature, with a newline
         */
        record Cosigned(String line) implements Outcome {}

        record Failed(String why) implements Outcome {}

        record Contradicted(WitnessConflict conflict) implements Outcome {}
    }

    private final TrustPolicy.Witness witness;
    private final String prefix;
    private final String origin;
    private final Witnesses.Proving log;
    private final InstantSource clock;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .build();

    /** Size of the newest checkpoint the witness has of us; it corrects us where we err. */
    private long known;

    /**
     * @param origin of the log that is witnessed
     */
    WitnessClient(
            TrustPolicy.Witness witness,
            URI url,
            String origin,
            Witnesses.Proving log,
            InstantSource clock) {
        String text = url.toString();
        this.witness = witness;
        this.prefix = text.endsWith("/") ? text : text + "/";
        this.origin = origin;
        this.log = log;
        this.clock = clock;
    }

    Outcome ask(Publisher.Signed checkpoint) throws InterruptedException {
        try {
            for (int i = 0; i < TRIES; i++) {
                HttpResponse<String> answer = send(add(checkpoint));
                switch (answer.statusCode()) {
                    case OK -> {
                        return cosigned(checkpoint, answer.body());
                    }
                    case INCONSISTENT -> {
                        return inconsistent(checkpoint);
                    }
                    case CONFLICT -> {
                        long theirs = size(answer.body());
                        if (theirs < 0) {
                            return new Outcome.Failed("it answers 409 without a size");
                        }
                        if (theirs > checkpoint.size()) {
                            return ahead(theirs, checkpoint);
                        }
                        known = theirs;
                    }
                    default -> {
                        return new Outcome.Failed(refusal(answer.statusCode()));
                    }
                }
            }
            return new Outcome.Failed("it names another size each time");
        } catch (IOException | SQLException e) {
            return new Outcome.Failed("it cannot be asked: " + e);
        }
    }

    private Outcome cosigned(Publisher.Signed checkpoint, String body) {
        for (String line : body.lines().toList()) {
            Optional<SignedNote> note =
                    SignedNote.parse(SignedNote.with(checkpoint.note(), line + "\n"));
            TrustPolicy only = TrustPolicy.of(List.of(witness), 1);
            if (SignedNote.signatureLine(line).isPresent()
                    && note.isPresent()
                    && only.judge(note.get()).enough()) {
                known = checkpoint.size();
                return new Outcome.Cosigned(line + "\n");
            }
        }
        return new Outcome.Failed(
                "its answer is not signed by its key "
                        + witness.key().name()
                        + "+"
                        + witness.key().hash()
                        + ": it is another one, or has another key now");
    }

    /**
     * Only more than the store has is missing here. What it has signed since may come to the
     * witness before this one, which was late: by the next command of this node, or by anybody, for
     * checkpoints are public. That it continues this one is proved when it is asked for itself.
     */
    private Outcome ahead(long theirs, Publisher.Signed checkpoint)
            throws SQLException, InterruptedException {
        return theirs > log.signed()
                ? contradicted(theirs, checkpoint)
                : new Outcome.Failed("it has seen a newer checkpoint of this log already");
    }

    private Outcome inconsistent(Publisher.Signed checkpoint) throws InterruptedException {
        long theirs = known;
        if (theirs == 0) {
            return new Outcome.Failed("it says that there is something before the first entry");
        }
        return contradicted(theirs, checkpoint);
    }

    private Outcome contradicted(long theirs, Publisher.Signed checkpoint)
            throws InterruptedException {
        known = 0;
        return new Outcome.Contradicted(
                new WitnessConflict(
                        clock.instant(),
                        origin,
                        witness.key().name() + "+" + witness.key().hash(),
                        theirs,
                        checkpoint.size(),
                        proof(theirs),
                        null));
    }

    /** The checkpoint that the witness has, where it shows one that our own keys have signed. */
    private @Nullable String proof(long theirs) throws InterruptedException {
        String hash = Digests.hex(Digests.of(origin.getBytes(StandardCharsets.UTF_8)));
        try {
            HttpResponse<String> answer =
                    send(request(prefix + hash + "/checkpoint").GET().build());
            if (answer.statusCode() != OK) {
                return null;
            }
            List<VerifierKey> ours =
                    log.keys().stream().filter(key -> key.name().equals(origin)).toList();
            return SignedNote.parse(answer.body())
                    .filter(note -> note.verify(ours) instanceof SignedNote.Verdict.Verified)
                    .flatMap(note -> Checkpoint.parse(note.text()))
                    .filter(one -> one.origin().equals(origin) && one.size() >= theirs)
                    .map(_ -> answer.body())
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    private String refusal(int status) {
        return switch (status) {
            case 403 -> "it does not know the key of " + origin + ": give it the new one";
            case 404 -> "it does not know the log " + origin + ": give it its key";
            default -> "it answers " + status;
        };
    }

    private static long size(String body) {
        try {
            return Long.parseLong(body.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private HttpRequest add(Publisher.Signed checkpoint) throws SQLException {
        StringBuilder body = new StringBuilder("old ").append(known).append('\n');
        for (byte[] hash : log.consistency(known, checkpoint.size())) {
            body.append(Base64.getEncoder().encodeToString(hash)).append('\n');
        }
        body.append('\n').append(checkpoint.note());
        return request(prefix + "add-checkpoint")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT);
    }

    /** All of the answer within the time, not its beginning alone. */
    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(
                        request,
                        BodyHandlers.limiting(
                                BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BODY));
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
