package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.CheckResult;
import org.consentgateway.ledger.proof.ExportCheck;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.tiles.ProofCheck;
import org.consentgateway.ledger.tiles.TileCheck;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * The auditor's program: checks a log, an export or a receipt with public keys alone, and needs
 * nothing of the gateway but this module. {@code target/consent-ledger-verify.jar} runs it.
 */
public final class ConsentLedgerVerify {
    private static final int RIGHT = 0;
    private static final int NOT_RIGHT = 1;
    private static final int WRONG_USAGE = 2;
    private static final int NOT_CHECKED = WRONG_USAGE;

    private static final String USAGE =
            """
            java -jar consent-ledger-verify.jar --key FILE [--policy FILE] [--checkpoint PLACE]... [--json] WHAT

            WHAT is one of
              FILE.db                    the gateway's SQLite database, or a copy of it
              jdbc:postgresql://...      its PostgreSQL database; an account that may read is enough
              DIRECTORY                  exported checkpoints and receipts; or a log as static files
                                         (C2SP tlog-tiles): the folder with its checkpoint and tile/
              FILE                       a receipt: JSON, JSON-LD (DPV), vCon or the page (HTML); or a proof:
                                         C2SP tlog-proof, or what ledger proof --from prints

            --key FILE                   the public keys you trust, one a line: the gateway's
                                         keys/verifier.keys, handed to you in a way you trust
            --policy FILE                which witnesses you trust and how many have to have cosigned
                                         (C2SP tlog-policy; the gateway's: scripts/gateway ledger policy);
                                         with its own keys of logs it may stand instead of --key
            --checkpoint PLACE           a checkpoint that you have kept, or a directory of them, for
                                         a database, a log as files or a proof: shows what was cut off
                                         since; may be repeated
            --archive DIR                of a database: the files of entries that were taken out of it
            --json                       the verdict as JSON

            Payloads are sealed in a database and stay closed: order, times, types and completeness
            of its entries are checked. A receipt holds its payload, which is checked too.
            Nothing is written and nothing is sent. Exit code 0: right; 1: not right; 2: wrong usage,
            or what should be checked cannot be read, or not be checked for want of its key.
            """;

    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private ConsentLedgerVerify() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(List.of(arguments), out, err));
    }

    /**
     * @return the exit code
     */
    static int run(List<String> arguments, PrintWriter out, PrintWriter err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(USAGE);
            out.flush();
            return RIGHT;
        }
        try {
            Optional<Wish> wish = Wish.of(arguments, err);
            if (wish.isEmpty()) {
                err.print(USAGE);
                err.flush();
                return WRONG_USAGE;
            }
            CheckResult result = check(wish.get(), out, err);
            print(result, wish.get().json, out);
            if (!result.passed()) {
                return NOT_RIGHT;
            }
            return result.isComplete() ? RIGHT : NOT_CHECKED;
        } catch (NoSuchFileException e) {
            err.println("there is no file " + e.getFile());
        } catch (IOException e) {
            err.println(e.getMessage());
        }
        return WRONG_USAGE;
    }

    private static final Set<String> VALUED =
            Set.of("--key", "--policy", "--checkpoint", "--archive");

    /** What stands on the command line. */
    private record Wish(
            String what,
            @Nullable Path key,
            @Nullable Path policy,
            @Nullable Path archive,
            List<Path> checkpoints,
            boolean json) {
        /** Empty where it is no right usage; why is told. */
        static Optional<Wish> of(List<String> arguments, PrintWriter err) {
            Deque<String> left = new ArrayDeque<>(arguments);
            List<String> what = new ArrayList<>();
            List<Path> checkpoints = new ArrayList<>();
            @Nullable Path key = null;
            @Nullable Path policy = null;
            @Nullable Path archive = null;
            boolean json = false;
            while (!left.isEmpty()) {
                String argument = left.removeFirst();
                boolean valued = VALUED.contains(argument);
                if (valued && left.isEmpty()) {
                    err.println(argument + " needs a value");
                    return Optional.empty();
                }
                switch (argument) {
                    case "--key" -> key = Path.of(left.removeFirst());
                    case "--policy" -> policy = Path.of(left.removeFirst());
                    case "--archive" -> archive = Path.of(left.removeFirst());
                    case "--checkpoint" -> checkpoints.add(Path.of(left.removeFirst()));
                    case "--json" -> json = true;
                    default -> what.add(argument);
                }
            }
            Optional<String> unknown = what.stream().filter(w -> w.startsWith("-")).findFirst();
            if (unknown.isPresent() || what.size() != 1 || (key == null && policy == null)) {
                err.println(
                        unknown.map(option -> "unknown option " + option)
                                .orElse("one thing to check and a --key or a --policy are needed"));
                return Optional.empty();
            }
            return Optional.of(new Wish(what.getFirst(), key, policy, archive, checkpoints, json));
        }
    }

    private static CheckResult check(Wish wish, PrintWriter out, PrintWriter err)
            throws IOException {
        TrustPolicy policy = wish.policy == null ? TrustPolicy.NONE : KeyFiles.policy(wish.policy);
        List<VerifierKey> keys = keys(wish.key, policy);
        if (!wish.json) {
            keys.forEach(key -> out.println("trusted: key " + key.hash() + " of " + key.name()));
            if (policy.needsWitnesses()) {
                out.println("needed: cosignatures of " + policy.needed());
            }
        }
        if (wish.what.startsWith("jdbc:")) {
            return database(wish.what, wish, keys, policy, err);
        }
        Path file = Path.of(wish.what);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(wish.what);
        }
        if (Files.isDirectory(file)) {
            return TileCheck.isOne(file)
                    ? TileCheck.of(file, keys, policy, kept(wish.checkpoints))
                    : ExportCheck.of(file, keys, policy);
        }
        if (isSqlite(file)) {
            return database("jdbc:sqlite:" + file, wish, keys, policy, err);
        }
        String text = Files.readString(file);
        return ProofCheck.isOne(text)
                ? ProofCheck.of(text, keys, policy, kept(wish.checkpoints))
                : ReceiptCheck.of(file, keys, policy);
    }

    /** The text of checkpoints, by where they are. */
    private static Map<String, String> kept(List<Path> places) throws IOException {
        Map<String, String> kept = new LinkedHashMap<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                kept.putAll(Exports.texts(place));
            } else {
                kept.put(place.toString(), Files.readString(place));
            }
        }
        return kept;
    }

    /** Those of the file, which have lives, and those that the policy alone names. */
    static List<VerifierKey> keys(@Nullable Path file, TrustPolicy policy) throws IOException {
        List<VerifierKey> keys = new ArrayList<>();
        if (file != null) {
            keys.addAll(KeyFiles.verifiers(file));
        }
        policy.logs().stream()
                .filter(key -> keys.stream().noneMatch(key::isSame))
                .toList()
                .forEach(keys::add);
        return keys;
    }

    private static CheckResult database(
            String url, Wish wish, List<VerifierKey> keys, TrustPolicy policy, PrintWriter err)
            throws IOException {
        List<Path> checkpoints = new ArrayList<>();
        for (Path place : wish.checkpoints) {
            if (Files.isDirectory(place)) {
                checkpoints.addAll(Exports.all(place));
            } else {
                checkpoints.add(place);
            }
        }
        try {
            LedgerArchive archive = LedgerArchive.ofAuditor(url, keys, policy, wish.archive);
            LongConsumer progress = wish.json ? done -> {} : new ProgressBar(err, archive.size());
            return archive.verify(checkpoints, progress);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void print(CheckResult result, boolean json, PrintWriter out)
            throws IOException {
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(result.json()));
        } else {
            result.lines().forEach(out::println);
        }
    }

    private static boolean isSqlite(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(SQLITE.length), SQLITE);
        }
    }
}
