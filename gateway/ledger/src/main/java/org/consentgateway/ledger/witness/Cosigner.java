package org.consentgateway.ledger.witness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Consistency;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.VerifierKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Decides as a C2SP tlog-witness what is cosigned: a checkpoint that a known key of
 * its log has signed, and that continues the newest one that was cosigned before. That one is on
 * the disk before the answer is given; one at a time.
 */
final class Cosigner {
    private static final Logger LOG = LoggerFactory.getLogger(Cosigner.class);

    private static final int MAX_PROOF = 63;

    /**
     * @param status of HTTP
     * @param type of the body
     */
    record Answer(int status, String type, String body) {
        static Answer refused(int status, String why) {
            return new Answer(status, "text/plain; charset=utf-8", why + "\n");
        }
    }

    private final WitnessMemory memory;
    private final WitnessedLogs logs;
    private final InstantSource clock;

    Cosigner(WitnessMemory memory, WitnessedLogs logs, InstantSource clock) {
        this.memory = memory;
        this.logs = logs;
        this.clock = clock;
    }

    /** What is handed in. */
    private record Request(long old, List<byte[]> proof, SignedNote note, Checkpoint checkpoint) {
        /** Empty where it has not the form. */
        static Optional<Request> of(String body) {
            int gap = body.indexOf("\n\n");
            if (gap < 0) {
                return Optional.empty();
            }
            List<String> lines = body.substring(0, gap).lines().toList();
            Optional<SignedNote> note = SignedNote.parse(body.substring(gap + 2));
            Optional<Checkpoint> checkpoint = note.flatMap(one -> Checkpoint.parse(one.text()));
            if (checkpoint.isEmpty()
                    || lines.isEmpty()
                    || lines.size() > MAX_PROOF + 1
                    || !lines.getFirst().matches("old (0|[1-9][0-9]{0,17})")) {
                return Optional.empty();
            }
            List<byte[]> proof = new ArrayList<>();
            try {
                for (String line : lines.subList(1, lines.size())) {
                    proof.add(Base64.getDecoder().decode(line));
                }
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
            if (proof.stream().anyMatch(hash -> hash.length != Merkle.EMPTY.length)) {
                return Optional.empty();
            }
            long old = Long.parseLong(lines.getFirst().substring("old ".length()));
            return Optional.of(new Request(old, proof, note.get(), checkpoint.get()));
        }
    }

    Answer add(String body) {
        Optional<Request> parsed = Request.of(body);
        if (parsed.isEmpty()) {
            return Answer.refused(400, "not: old SIZE, proof, empty line, checkpoint");
        }
        Request request = parsed.get();
        Checkpoint checkpoint = request.checkpoint;
        List<VerifierKey> keys = logs.keysOf(checkpoint.origin());
        if (keys.isEmpty()) {
            return Answer.refused(404, "this log is not witnessed here");
        }
        if (!(request.note.verify(keys, checkpoint.size(), null)
                instanceof SignedNote.Verdict.Verified(List<VerifierKey> by))) {
            return Answer.refused(403, "not signed by a key of this log that is known here");
        }
        if (request.old > checkpoint.size()) {
            return Answer.refused(400, "the old size is above the new one");
        }
        synchronized (memory) {
            return decide(request, by);
        }
    }

    private Answer decide(Request request, List<VerifierKey> by) {
        Checkpoint checkpoint = request.checkpoint;
        Checkpoint seen =
                memory.newest(checkpoint.origin())
                        .orElse(new Checkpoint(checkpoint.origin(), 0, Merkle.EMPTY));
        if (request.old != seen.size()) {
            if (checkpoint.size() < seen.size()) {
                LOG.warn(
                        "{} shows {} entries; {} are seen: an old backup, or entries were cut off",
                        checkpoint.origin(),
                        checkpoint.size(),
                        seen.size());
            }
            return new Answer(409, "text/x.tlog.size", seen.size() + "\n");
        }
        if (!Consistency.holds(
                seen.size(), checkpoint.size(), seen.root(), checkpoint.root(), request.proof)) {
            if (mayContradict(checkpoint, seen)) {
                accuse(request, by, seen);
            }
            return Answer.refused(422, "it does not continue what was seen of this log");
        }
        String note = withSignaturesOf(request.note, by);
        String line = memory.key().line(request.note.text(), clock.instant());
        try {
            memory.keep(checkpoint.origin(), note + line);
        } catch (IOException e) {
            LOG.error("nothing is cosigned: it cannot be kept: {}", e.toString());
            return Answer.refused(500, "it cannot be kept here");
        }
        return new Answer(200, "text/plain; charset=utf-8", line);
    }

    /**
     * Whether the log may be at fault, and not who handed this in: what was seen is shown to
     * everybody, and with any proof beside it, it says nothing against its log. A larger tree whose
     * proof is wrong cannot be told from one that continues another history.
     */
    private static boolean mayContradict(Checkpoint checkpoint, Checkpoint seen) {
        return checkpoint.size() == seen.size()
                ? !Arrays.equals(checkpoint.root(), seen.root())
                : seen.size() > 0;
    }

    private void accuse(Request request, List<VerifierKey> by, Checkpoint seen) {
        Checkpoint checkpoint = request.checkpoint;
        LOG.error(
                "{} shows {} entries that do not continue the {} that were seen: its history was"
                        + " changed",
                checkpoint.origin(),
                checkpoint.size(),
                seen.size());
        try {
            String root = Digests.hex(checkpoint.root()).substring(0, 16);
            if (!memory.accuse(withSignaturesOf(request.note, by), checkpoint, root)) {
                LOG.error("that is not kept: evidence/ is full; take away what is in it");
            }
        } catch (IOException e) {
            LOG.error("that cannot be kept: {}", e.toString());
        }
    }

    /** The note with no other lines than those of keys that were checked. */
    private static String withSignaturesOf(SignedNote note, List<VerifierKey> keys) {
        Set<String> names =
                keys.stream()
                        .map(key -> key.name() + "+" + key.hash())
                        .collect(Collectors.toCollection(HashSet::new));
        StringBuilder text = new StringBuilder(note.text()).append('\n');
        note.signatures().stream()
                .filter(line -> names.contains(line.name() + "+" + line.hash()))
                .forEach(line -> text.append(line.text()));
        return text.toString();
    }

    /** The newest checkpoint of a log, with the witness's line. */
    Answer newest(String originHash) {
        synchronized (memory) {
            for (Map.Entry<String, String> log : memory.notes().entrySet()) {
                byte[] origin = log.getKey().getBytes(StandardCharsets.UTF_8);
                if (Digests.hex(Digests.of(origin)).equals(originHash)) {
                    return new Answer(200, "text/plain; charset=utf-8", log.getValue());
                }
            }
        }
        return Answer.refused(404, "nothing was seen of this log");
    }
}
