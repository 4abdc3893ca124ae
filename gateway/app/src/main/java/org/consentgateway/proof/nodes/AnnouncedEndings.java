package org.consentgateway.proof.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.LateKind;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.nodes.LogEnd;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.proof.RecordJson;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What nodes of one store tell each other while it is away from one of them: records
 * that end consents, one a line, as they will stand in the log. Whoever is told ends its own calls
 * under them, and keeps them on its own disk, too, for the store: whichever node gets there first
 * writes them, and they stand in the log once.
 */
public final class AnnouncedEndings {
    private static final String TOLD = "endings told";
    private static final String TAKEN = "endings taken";
    private static final byte[] NOTHING = {};
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConsentJournal journal;
    private final EndingSeal seal;
    private final String node;
    private final InstantSource clock;
    private final OtherNodes others;
    private final Supplier<Optional<LogEnd>> confirmed;

    /**
     * @param node this one
     * @param others told of each word of another one, and who answers where
     * @param confirmed how far this node has confirmed its log
     */
    public AnnouncedEndings(
            ConsentJournal journal,
            Pseudonyms pseudonyms,
            String node,
            InstantSource clock,
            OtherNodes others,
            Supplier<Optional<LogEnd>> confirmed) {
        this.journal = journal;
        this.seal = new EndingSeal(pseudonyms);
        this.node = node;
        this.clock = clock;
        this.others = others;
        this.confirmed = confirmed;
    }

    /** A message as it was opened. */
    private record Word(
            String node,
            OtherNodes.Mark mark,
            @Nullable LogEnd confirmed,
            List<ConsentRecord> endings) {}

    /**
     * Immutable. That a node of this store has taken a message.
     *
     * @param mark what the next message to it has to bear
     * @param heard whether this one was a sign to it that this node lives
     */
    record Acknowledgement(OtherNodes.Mark mark, boolean heard) {}

    /**
     * What another node is sent: who sends it, what that other one gave in its last answer, how far
     * this one has confirmed its log, and the records.
     *
     * @param endings may be none
     */
    byte[] message(List<ConsentRecord> endings, OtherNodes.Mark mark) {
        ObjectNode head = marked(mark).put("node", node);
        head.put("at", clock.instant().toString()); // read by the version before
        confirmed
                .get()
                .ifPresent(end ->
                        head.put("log", end.origin())
                                .put("size", end.size())
                                .put("leaf", end.leaf()));
        String lines =
                Stream.concat(
                                Stream.of(head.toString()),
                                endings.stream().map(each -> RecordJson.write(each).toString()))
                        .collect(Collectors.joining("\n"));
        return seal.seal(TOLD, NOTHING, lines.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param at of {@code node.others}, where it was sent to
     * @return empty where this is not what a node of this store answers that has taken the message
     */
    Optional<Acknowledgement> acknowledged(String at, byte[] message, byte[] answer) {
        return seal.open(TAKEN, Digests.of(message), answer).map(text -> acknowledged(at, text));
    }

    private Acknowledgement acknowledged(String at, byte[] text) {
        try {
            JsonNode said = JSON.readTree(text);
            others.answers(at, said.path("node").asText());
            return new Acknowledgement(mark(said), said.path("heard").asBoolean());
        } catch (IOException e) {
            // Of the version before, which takes each message for a sign and names nobody.
            return new Acknowledgement(OtherNodes.Mark.NONE, true);
        }
    }

    private static ObjectNode marked(OtherNodes.Mark mark) {
        return JSON.createObjectNode().put("life", mark.life()).put("nanos", mark.nanos());
    }

    private static OtherNodes.Mark mark(JsonNode said) {
        return new OtherNodes.Mark(said.path("life").asText(), said.path("nanos").asLong());
    }

    /**
     * Takes a message. Each of its records counts here when this returns.
     *
     * @return what is answered; empty where no node of this store has sent it, or where it holds
     *     what ends nothing: then nothing of it counts
     */
    public Optional<byte[]> take(byte[] message) {
        Optional<Word> word = seal.open(TOLD, NOTHING, message).flatMap(AnnouncedEndings::read);
        if (word.isEmpty() || word.get().node().equals(node)) {
            return Optional.empty();
        }
        Durability least = journal.announced(word.get().endings());
        boolean heard = others.heard(word.get().node(), word.get().mark(), word.get().confirmed());
        // The version before reads 256 octets of an answer, sealed.
        ObjectNode answer =
                marked(others.mark())
                        .put("node", node)
                        .put("taken", least.name())
                        .put("heard", heard);
        byte[] text = answer.toString().getBytes(StandardCharsets.UTF_8);
        return Optional.of(seal.seal(TAKEN, Digests.of(message), text));
    }

    private static Optional<Word> read(byte[] text) {
        try {
            List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
            JsonNode head = JSON.readTree(lines.getFirst());
            List<ConsentRecord> records = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                records.add(RecordJson.read(JSON.readTree(line)));
            }
            return records.stream().allMatch(LateKind::mayBeTold)
                    ? Optional.of(
                            new Word(
                                    head.path("node").asText(),
                                    mark(head),
                                    confirmed(head),
                                    records))
                    : Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException other) {
            return Optional.empty(); // of another version
        }
    }

    /** Null where the store was away since that node began, or it is of an earlier version. */
    private static @Nullable LogEnd confirmed(JsonNode head) {
        return head.path("log").isTextual()
                ? new LogEnd(
                        head.path("log").asText(),
                        head.path("size").asLong(),
                        head.path("leaf").asText())
                : null;
    }
}
