package netmem.server.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import org.jspecify.annotations.Nullable;

/** Engines that are wrong in one way each, which the random test must find; otherwise it shows nothing. */
enum PlantedBug {
    /** A request that is sent again runs again. */
    RETRY_RUNS_TWICE {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                private final Map<Long, Long> given = new HashMap<>();
                private long sequence;

                @Override
                Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
                    if (!request.opcode().isRecorded()) {
                        return super.execute(session, connection, requestId, request, nowNanos);
                    }
                    long fresh = FrameHeader.requestId(FrameHeader.slot(requestId), ++sequence);
                    given.put(fresh, requestId);
                    return super.execute(session, connection, fresh, request, nowNanos);
                }

                @Override
                List<Effect> effects() {
                    List<Effect> named = new ArrayList<>();
                    for (Effect effect : super.effects()) {
                        named.add(effect instanceof Effect.Completed done ? renamed(done) : effect);
                    }
                    return named;
                }

                private Effect renamed(Effect.Completed done) {
                    long id = given.getOrDefault(done.requestId(), done.requestId());
                    return new Effect.Completed(done.connection(), id, done.opcode(), done.waitedNanos(), done.reply());
                }
            };
        }
    },

    /** Now and then a waiter that was served is not told. */
    LOST_WAKE_UP {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                private int effects;

                @Override
                List<Effect> effects() {
                    return super.effects().stream()
                            .filter(effect -> !(effect instanceof Effect.Completed) || ++effects % 5 != 0)
                            .toList();
                }
            };
        }
    },

    /** A page that is held is given to a second owner who does not wait. */
    DOUBLE_GRANT {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                @Override
                Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
                    Answer answer = super.execute(session, connection, requestId, request, nowNanos);
                    return request instanceof Request.Lock && statusOf(answer) == Status.LOCKED
                            ? new Answer.Now(new Reply.Granted(99, 1, Reply.Granted.Content.NONE, PageChange.NOTHING))
                            : answer;
                }
            };
        }
    },

    /** A write whose lock was lost is done all the same. */
    LATE_WRITE_NOT_FENCED {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                @Override
                Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
                    if (request instanceof Request.Write write && !session.held.containsKey(write.token())) {
                        Request unfenced = new Request.Write(
                                write.page(),
                                write.ifVersion(),
                                0,
                                write.waitMillis(),
                                write.returnCurrent(),
                                write.ranges(),
                                write.data());
                        return super.execute(session, connection, requestId, unfenced, nowNanos);
                    }
                    return super.execute(session, connection, requestId, request, nowNanos);
                }
            };
        }
    },

    /** A request that was cancelled, and told so, stays in line. */
    CANCELLED_WAITER_KEPT {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                private final List<Effect> told = new ArrayList<>();

                @Override
                Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
                    if (request instanceof Request.Cancel(long target)
                            && session.connection == connection
                            && session.outcomes.lookup(target) instanceof Outcomes.Known.Waiting) {
                        Reply cancelled = new Reply.Failed(Status.CANCELLED, 0, 0, "");
                        told.add(new Effect.Completed(connection, target, 0, 0, cancelled));
                        session.heard(nowNanos);
                        return new Answer.Now(new Reply.Done());
                    }
                    return super.execute(session, connection, requestId, request, nowNanos);
                }

                @Override
                List<Effect> effects() {
                    List<Effect> all = new ArrayList<>(told);
                    told.clear();
                    all.addAll(super.effects());
                    return all;
                }
            };
        }
    },

    /** The timer is lost now and then. */
    TIMER_LOST {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                private int ticks;

                @Override
                void tick(long nowNanos) {
                    if (++ticks % 4 != 0) {
                        super.tick(nowNanos);
                    }
                }
            };
        }
    },

    /** Whoever waits counts as alive. */
    LEASE_OF_WAITER_NOT_CHECKED {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                private final List<Session> waiters = new ArrayList<>();

                @Override
                Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
                    waiters.stream()
                            .filter(waiter -> !waiter.waiting.isEmpty())
                            .forEach(waiter -> waiter.heard(nowNanos));
                    Answer answer = super.execute(session, connection, requestId, request, nowNanos);
                    if (answer instanceof Answer.Deferred) {
                        waiters.add(session);
                    }
                    return answer;
                }
            };
        }
    },

    /** Compares of versions are not made. */
    TRANSACTION_WITHOUT_COMPARES {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                @Override
                Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
                    Request blind = request instanceof Request.Transact transact
                            ? new Request.Transact(
                                    transact.waitMillis(),
                                    transact.returnCurrent(),
                                    transact.steps().stream()
                                            .filter(step -> !(step instanceof Step.CompareVersion))
                                            .toList())
                            : request;
                    return super.execute(session, connection, requestId, blind, nowNanos);
                }
            };
        }
    },

    /** Now and then one of several notifications is lost. */
    NOTIFICATION_LOST {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                @Override
                @Nullable
                Reply takeChanges(Session session, long connection) {
                    return super.takeChanges(session, connection) instanceof Reply.Changed(var pages)
                                    && pages.size() > 1
                            ? new Reply.Changed(pages.subList(1, pages.size()))
                            : null;
                }
            };
        }
    },

    /** Who holds a page together with others may change it. */
    SHARED_LOCK_ALLOWS_CHANGES {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                @Override
                Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
                    Answer answer = super.execute(session, connection, requestId, request, nowNanos);
                    return request instanceof Request.Unlock unlock
                                    && statusOf(answer) == Status.FENCED
                                    && session.held.containsKey(unlock.token())
                            ? new Answer.Now(new Reply.Written(engine.counters().size()))
                            : answer;
                }
            };
        }
    },

    /** The locks of an old client stay when its connection is gone. */
    DEAD_CLIENTS_LOCKS_KEPT {
        @Override
        EngineSubject of(Engine engine) {
            return new EngineSubject(engine) {
                @Override
                void disconnected(Session session, long connection, long nowNanos) {
                    if (session.hasLease()) {
                        super.disconnected(session, connection, nowNanos);
                    }
                }
            };
        }
    };

    abstract EngineSubject of(Engine engine);

    private static Status statusOf(Answer answer) {
        return answer instanceof Answer.Now(Reply reply) ? reply.status() : Status.OK;
    }
}
