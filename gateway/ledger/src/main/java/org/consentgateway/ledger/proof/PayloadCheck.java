package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.number.CountedEndings;
import org.consentgateway.ledger.store.ErasedIndexes;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.tree.SaltSet;
import org.jspecify.annotations.Nullable;

/**
 * Opens payloads and compares them with their leaves, their lookup rows and the list of what was
 * erased. Thread-safe: several parts of a log are checked at once.
 */
public final class PayloadCheck {
    /**
     * What was found in a part of a log.
     *
     * @param opened payloads
     * @param erased payloads that are gone, by an Erased entry
     */
    public record Checked(long opened, long erased, List<Verification.Finding> findings) {}

    private final @Nullable Sealer sealer;
    private final ErasedIndexes erasures;
    private final ArchiveCheck archive;
    private final @Nullable CountedEndings endings;
    private final SaltSet salts = new SaltSet();
    private final Set<String> unchecked = ConcurrentHashMap.newKeySet();

    /**
     * @param sealer null if the payload keys are not here
     * @param erasures complete: it is only read
     * @param archive complete
     */
    public PayloadCheck(@Nullable Sealer sealer, ErasedIndexes erasures, ArchiveCheck archive) {
        this(sealer, erasures, archive, null);
    }

    /**
     * @param endings told of each payload that is right; null where nobody can count
     */
    PayloadCheck(
            @Nullable Sealer sealer,
            ErasedIndexes erasures,
            ArchiveCheck archive,
            @Nullable CountedEndings endings) {
        this.sealer = sealer;
        this.erasures = erasures;
        this.archive = archive;
        this.endings = endings;
    }

    public Checked of(Log log, List<WholeEntry> rows) {
        Findings findings = new Findings();
        long opened = 0;
        long erased = 0;
        for (WholeEntry row : rows) {
            long index = row.entry().index();
            byte[] sealed = row.sealed();
            if (sealed == null) {
                if (sealer == null || erasures.covers(log.origin(), index)) {
                    erased++;
                } else {
                    findings.add(
                            log.origin(),
                            index,
                            "its payload is missing, and no Erased entry covers it");
                }
                if (row.facts() != null) {
                    findings.add(log.origin(), index, "its payload is gone, its lookup row not");
                }
            } else if (sealer != null) {
                opened++;
                String problem = problem(log, row, sealed, sealer);
                if (problem != null) {
                    findings.add(log.origin(), index, problem);
                }
            }
        }
        return new Checked(opened, erased, findings.kept());
    }

    /** What could not be opened for want of a key, in words. */
    public List<String> unchecked() {
        return unchecked.stream()
                .sorted()
                .map(key -> "payloads that are sealed under key " + key + ", which is not here")
                .toList();
    }

    private @Nullable String problem(Log log, WholeEntry row, byte[] sealed, Sealer with) {
        StoredEntry entry = row.entry();
        String keyId = Objects.requireNonNull(row.keyId());
        if (with.keys().byId(keyId).isEmpty()) {
            unchecked.add(keyId);
            return null;
        }
        if (erasures.covers(log.origin(), entry.index())) {
            return "its payload was erased, by an Erased entry, and is still here";
        }
        Sealer.Opened opened = with.open(log.origin(), entry.index(), keyId, sealed).orElse(null);
        if (opened == null && with.isDestroyed(log.origin(), entry.index(), keyId)) {
            return "its payload was erased, its key destroyed, and is here again: an old backup was"
                    + " restored";
        }
        if (opened == null) {
            return "its payload was changed or belongs to another entry: it does not open";
        }
        if (!Arrays.equals(opened.commitment(), entry.commitment())) {
            return "its payload is not the one its leaf commits to";
        }
        if (!salts.add(opened.salt())) {
            return "its salt was used before: salts must never repeat";
        }
        ObjectNode payload = LogReader.parse(opened.payload());
        if (payload == null) {
            return "its payload is no JSON object";
        }
        if (endings != null) {
            endings.add(log, entry, payload);
        }
        boolean same =
                Facts.of(payload).equals(row.facts())
                        && entry.type().equals(row.lookupType())
                        && entry.timeMillis() == row.lookupMillis();
        if (!same) {
            return "its lookup row does not match its payload";
        }
        return isOlderThanTheArchive(payload) ? null : archive.problem(payload);
    }

    private static boolean isOlderThanTheArchive(ObjectNode payload) {
        String schema = payload.path("schema").asText();
        return schema.isEmpty() || schema.equals("consent-record/1");
    }
}
