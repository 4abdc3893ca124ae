package org.consentgateway.proof.nodes;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.journal.ConsentJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one other node what waits here for the store and ends a consent, until that node has it.
 * Turns are confined to one thread; {@link #untold} is thread-safe.
 */
public final class EndingAnnouncer {
    private static final Logger LOG = LoggerFactory.getLogger(EndingAnnouncer.class);

    /** Records of one message, of some thousand octets each: the other end takes a megabyte. */
    private static final int BATCH = 100;

    private final ConsentJournal journal;
    private final AnnouncedEndings endings;
    private final String node;
    private final Way way;

    /** Of those that wait, by the process that answers there. */
    private final Set<UUID> told = new HashSet<>();

    private final LongSupplier nanos;
    private volatile int untold;
    private long lastHeard;
    private OtherNodes.Mark mark = OtherNodes.Mark.NONE;
    private boolean failing;

    /** To the other node. */
    @FunctionalInterface
    public interface Way {
        /**
         * @return its answer
         * @throws IOException where it cannot be reached, or does not take it
         */
        byte[] send(byte[] message) throws IOException;
    }

    /**
     * @param node where it listens, as it stands in {@code node.others}
     */
    public EndingAnnouncer(
            ConsentJournal journal,
            AnnouncedEndings endings,
            String node,
            Way way,
            LongSupplier nanos) {
        this.nanos = nanos;
        this.lastHeard = nanos.getAsLong() - OtherNodes.WORD.toNanos();
        this.journal = journal;
        this.endings = endings;
        this.node = node;
        this.way = way;
    }

    /** Records that wait here and that this node does not know of. */
    public int untold() {
        return untold;
    }

    /** To be done every half second or so. Never throws; who cannot be told is told at the next. */
    public void turn() {
        try {
            tellWhatWaits();
        } catch (RuntimeException e) {
            // Its text may hold a record. The next turn has to come: without it this node is
            // silent.
            LOG.error("the node at {} was told nothing: {}", node, e.getClass().getName());
        }
    }

    private void tellWhatWaits() {
        List<ConsentRecord> left = left();
        if (left.isEmpty() && nanos.getAsLong() - lastHeard >= OtherNodes.WORD.toNanos()) {
            boolean _ = tells(List.of(), mark);
        }
        while (!left.isEmpty()) {
            List<ConsentRecord> batch = left.subList(0, Math.min(BATCH, left.size()));
            // A sign of life is the last of them alone: who has heard it has all of them.
            boolean last = batch.size() == left.size();
            if (!tells(batch, last ? mark : OtherNodes.Mark.NONE)) {
                return;
            }
            batch.forEach(each -> told.add(each.id()));
            left = left(); // a withdrawal said meanwhile goes before the refusals that are left
        }
    }

    private List<ConsentRecord> left() {
        List<ConsentRecord> waiting = journal.endingsKept();
        told.retainAll(waiting.stream().map(ConsentRecord::id).collect(Collectors.toSet()));
        List<ConsentRecord> left =
                waiting.stream().filter(each -> !told.contains(each.id())).toList();
        untold = left.size();
        return left;
    }

    private boolean tells(List<ConsentRecord> batch, OtherNodes.Mark borne) {
        byte[] message = endings.message(batch, borne);
        try {
            AnnouncedEndings.Acknowledgement answer =
                    endings.acknowledged(node, message, way.send(message))
                            .orElseThrow(() ->
                                    new IOException("what answers there is no node of this store"));
            if (failing) {
                LOG.info("the node at {} can be told again of withdrawals", node);
            }
            failing = false;
            if (!answer.mark().life().equals(mark.life())) {
                told.clear(); // begun anew: what was in its memory alone is gone
            }
            mark = answer.mark();
            // Where it was no sign, another word goes at the next turn, with what this answer gave.
            if (answer.heard()) {
                lastHeard = nanos.getAsLong();
            }
            return true;
        } catch (IOException e) {
            if (!failing) {
                LOG.error(
                        "the node at {} cannot be told of withdrawals that the store does not take;"
                                + " until it is, it asks all its callers in full: {}",
                        node,
                        e.getMessage());
            }
            failing = true;
            return false;
        }
    }
}
