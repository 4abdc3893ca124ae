package org.consentgateway.ledger.store;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confined to the publisher's thread. Client of a C2SP tlog-witness: hands it each checkpoint with
 * the proof that it continues the one before, and gets its signature.
 */
public final class Witness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The witness may name the size it knows (409): then once more. */
    private static final int TRIES = 2;

    /** Makes the proof from one size of our log to another. */
    public interface Consistency {
        List<byte[]> proof(long from, long to) throws SQLException, LedgerUnavailable;
    }

    private final URI addCheckpoint;
    private final Consistency consistency;
    private final Consumer<Publisher.Signed> cosigned;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /** Size of the newest checkpoint the witness has of us; it corrects us where we err. */
    private long known;

    public Witness(URI prefix, Consistency consistency, Consumer<Publisher.Signed> cosigned) {
        String text = prefix.toString();
        this.addCheckpoint = URI.create(text + (text.endsWith("/") ? "" : "/") + "add-checkpoint");
        this.consistency = consistency;
        this.cosigned = cosigned;
    }

    /** Whether the witness has it now. */
    boolean cosign(Publisher.Signed checkpoint) {
        try {
            for (int i = 0; i < TRIES; i++) {
                HttpResponse<String> answer = post(checkpoint);
                if (answer.statusCode() == 200) {
                    known = checkpoint.size();
                    cosigned.accept(
                            new Publisher.Signed(
                                    checkpoint.size(), checkpoint.note() + answer.body()));
                    return true;
                }
                if (answer.statusCode() != 409 || !adopt(answer.body(), checkpoint.size())) {
                    LOG.warn("the witness answers {} to a checkpoint", answer.statusCode());
                    return false;
                }
            }
        } catch (IOException | SQLException | LedgerUnavailable e) {
            LOG.warn("no cosignature from the witness: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private boolean adopt(String body, long ours) {
        try {
            known = Long.parseLong(body.strip());
        } catch (NumberFormatException e) {
            return false;
        }
        // A witness that knows more than we have is the alarm that our log was cut.
        return known >= 0 && known <= ours;
    }

    private HttpResponse<String> post(Publisher.Signed checkpoint)
            throws IOException, InterruptedException, SQLException, LedgerUnavailable {
        StringBuilder body = new StringBuilder("old ").append(known).append('\n');
        for (byte[] hash : consistency.proof(known, checkpoint.size())) {
            body.append(Base64.getEncoder().encodeToString(hash)).append('\n');
        }
        body.append('\n').append(checkpoint.note());
        HttpRequest request =
                HttpRequest.newBuilder(addCheckpoint)
                        .timeout(TIMEOUT)
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
