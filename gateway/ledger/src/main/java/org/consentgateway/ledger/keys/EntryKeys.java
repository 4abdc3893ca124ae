package org.consentgateway.ledger.keys;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.consentgateway.ledger.tree.Digests;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. A key for each entry of each log, derived from one secret for as long as none was
 * destroyed: whoever destroys one makes that payload unreadable in every copy of the store, old
 * backups included, and leaves all others as they are.
 */
final class EntryKeys implements PayloadKey {
    /** Behind the id in the key file. */
    static final String KIND = "per-entry";

    private static final int LOGS_HEIGHT = 63;
    private static final int LOG_HEIGHT = 40;
    private static final byte LOGS = 2;
    private static final byte MARKS = 3;

    private final String id;

    /** Null once a key was destroyed. */
    private final SecretKeys.@Nullable Key root;

    private final byte[] marks;

    /** Gives the tree of each log of which no key was destroyed. */
    private final KeyTree logs;

    /** Logs of which keys were destroyed, by their position in the tree of logs. */
    private final Map<Long, KeyTree> begun;

    private final Map<Long, KeyTree> whole = new ConcurrentHashMap<>();

    /** By the names of logs. */
    private final Map<String, Long> positions = new ConcurrentHashMap<>();

    private EntryKeys(
            String id,
            SecretKeys.@Nullable Key root,
            byte[] marks,
            KeyTree logs,
            Map<Long, KeyTree> begun) {
        this.id = id;
        this.root = root;
        this.marks = marks;
        this.logs = logs;
        this.begun = begun;
    }

    static EntryKeys of(SecretKeys.Key root) {
        byte[] marks = Digests.of(new byte[] {MARKS}, root.bytes());
        byte[] logs = Digests.of(new byte[] {LOGS}, root.bytes());
        return new EntryKeys(root.id(), root, marks, KeyTree.of(LOGS_HEIGHT, logs), Map.of());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Optional<byte[]> of(String log, long index) {
        return tree(position(log)).flatMap(tree -> tree.secret(index));
    }

    private Optional<KeyTree> tree(long log) {
        KeyTree there = begun.getOrDefault(log, whole.get(log));
        if (there != null) {
            return Optional.of(there);
        }
        Optional<KeyTree> derived = logs.secret(log).map(secret -> KeyTree.of(LOG_HEIGHT, secret));
        derived.ifPresent(tree -> whole.put(log, tree));
        return derived;
    }

    private long position(String log) {
        return positions.computeIfAbsent(
                log,
                name -> {
                    byte[] hash = Digests.of(name.getBytes(StandardCharsets.UTF_8));
                    return ByteBuffer.wrap(hash).getLong() >>> 1;
                });
    }

    @Override
    public byte[] marks() {
        return marks;
    }

    @Override
    public PayloadKey without(String log, Collection<Long> indexes) {
        long position = position(log);
        KeyTree before = tree(position).orElse(null);
        KeyTree after = before == null ? null : before.without(indexes);
        if (after == null || after == before) {
            return this;
        }
        Map<Long, KeyTree> trees = new HashMap<>(begun);
        trees.put(position, after);
        return new EntryKeys(id, null, marks, logs.without(List.of(position)), trees);
    }

    @Override
    public boolean hasOwn(String log, long index) {
        return tree(position(log)).filter(tree -> tree.has(index)).isPresent();
    }

    @Override
    public boolean isPerEntry() {
        return true;
    }

    @Override
    public List<Range> destroyed(String log, long size) {
        KeyTree tree = begun.get(position(log));
        return tree == null ? List.of() : tree.gaps(size);
    }

    @Override
    public String line() {
        String start = id + " " + KIND + " ";
        return root != null
                ? start + Base64.getEncoder().encodeToString(root.bytes())
                : start
                        + Base64.getEncoder().encodeToString(marks)
                        + " "
                        + Base64.getEncoder().encodeToString(trees());
    }

    private byte[] trees() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            logs.write(out);
            out.writeInt(begun.size());
            for (Map.Entry<Long, KeyTree> log : begun.entrySet()) {
                out.writeLong(log.getKey());
                log.getValue().write(out);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * @throws IllegalArgumentException where the trees are cut off
     */
    static EntryKeys read(String id, byte[] marks, byte[] trees) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(trees));
        try {
            KeyTree logs = KeyTree.read(in);
            Map<Long, KeyTree> begun = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                long log = in.readLong();
                begun.put(log, KeyTree.read(in));
            }
            return new EntryKeys(id, null, marks, logs, begun);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public String toString() {
        return "EntryKeys[" + id + "]";
    }
}
