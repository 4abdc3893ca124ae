/** The whole gateway on real sockets, as callers, assistants and operators meet it. */
@NullMarked
package org.consentgateway.whole;

import org.jspecify.annotations.NullMarked;
