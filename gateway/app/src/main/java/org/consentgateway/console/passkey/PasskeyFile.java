package org.consentgateway.console.passkey;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.ledger.keys.DurableFile;
import org.consentgateway.ledger.keys.SoleWriter;

/**
 * Thread-safe. The passkeys in a file that only the gateway's own user can write; the consoles of
 * nodes with a common disk write it one after the other.
 */
public final class PasskeyFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of one account. */
    public static final int MOST = 20;

    private final Path file;

    public PasskeyFile(Path file) {
        this.file = file;
    }

    /**
     * @throws IOException where it cannot be read
     */
    public List<Passkey> of(ConsoleAccount account) throws IOException {
        return all().stream().filter(each -> each.isOf(account)).toList();
    }

    /** Of whatever account; whether it still counts is to be asked. */
    Optional<Passkey> withId(String id) throws IOException {
        return all().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /** Whether there is none of this id, and room for it. */
    boolean takes(Passkey key) throws IOException {
        return takes(all(), key);
    }

    private static boolean takes(List<Passkey> all, Passkey key) {
        boolean known = all.stream().anyMatch(each -> each.id().equals(key.id()));
        long ofAccount = all.stream().filter(each -> each.handle().equals(key.handle())).count();
        return !known && ofAccount < MOST;
    }

    /**
     * @return false where there is one of this id, or no room
     */
    boolean add(Passkey key) throws IOException {
        return change(all -> {
            if (!takes(all, key)) {
                return false;
            }
            // Those of an account of the same name that was there before.
            all.removeIf(each ->
                    each.account().equals(key.account()) && !each.handle().equals(key.handle()));
            return all.add(key);
        });
    }

    /**
     * @return false where it is gone, or of another account
     */
    boolean remove(ConsoleAccount account, String id) throws IOException {
        return change(all -> all.removeIf(each -> each.isOf(account) && each.id().equals(id)));
    }

    /**
     * @param before as it was when its signature was looked at
     * @return false where it is gone or was used meanwhile
     */
    boolean replace(Passkey before, Passkey after) throws IOException {
        return change(all -> Collections.replaceAll(all, before, after));
    }

    /**
     * @param change false where there is nothing to be written
     */
    private boolean change(Predicate<List<Passkey>> change) throws IOException {
        return SoleWriter.change(
                file,
                () -> {
                    List<Passkey> all = new ArrayList<>(all());
                    boolean changed = change.test(all);
                    if (changed) {
                        write(all);
                    }
                    return changed;
                });
    }

    private List<Passkey> all() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Passkey> all = new ArrayList<>();
        try {
            for (JsonNode each : JSON.readTree(Files.readAllBytes(file)).path("passkeys")) {
                all.add(passkey(each));
            }
        } catch (JacksonException | DateTimeException e) {
            throw new IOException(file + " is no file of passkeys: the console writes it", e);
        }
        return all;
    }

    private static Passkey passkey(JsonNode json) {
        return new Passkey(
                json.path("id").asText(),
                json.path("account").asText(),
                json.path("handle").asText(),
                json.path("name").asText(),
                json.path("key").asText(),
                new Passkey.State(
                        json.path("count").asLong(),
                        json.path("backup_eligible").asBoolean(),
                        json.path("backed_up").asBoolean()),
                Instant.parse(json.path("added").asText()),
                Instant.parse(json.path("used").asText()));
    }

    /** Whole or not at all. */
    private void write(List<Passkey> passkeys) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("passkeys");
        for (Passkey each : passkeys) {
            all.addObject()
                    .put("id", each.id())
                    .put("account", each.account())
                    .put("handle", each.handle())
                    .put("name", each.name())
                    .put("key", each.key())
                    .put("count", each.state().count())
                    .put("backup_eligible", each.state().backupEligible())
                    .put("backed_up", each.state().backedUp())
                    .put("added", each.added().toString())
                    .put("used", each.used().toString());
        }
        DurableFile.keepPrivate(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
