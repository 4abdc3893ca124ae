/** What the store could not take yet, as a file on this machine. */
@NullMarked
package org.consentgateway.proof.late;

import org.jspecify.annotations.NullMarked;
