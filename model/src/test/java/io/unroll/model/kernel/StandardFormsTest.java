package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of cells against the closed set of forms. */
final class StandardFormsTest {
  @Test
  void everyFormIsListed() {
    assertEquals(
        Set.of(CellForm.class.getPermittedSubclasses()),
        StandardForms.BY_OPERATOR.values().stream()
            .map(CellForm::getClass)
            .collect(Collectors.toSet()));
  }

  @Test
  void aFormIsWhatItsAttributesSay() {
    for (CellForm form : StandardForms.BY_OPERATOR.values()) {
      assertEquals(form.text(), form.with(form.attributes()).text());
      assertEquals(form, CellForm.standard(form.operator()));
    }
    GruForm gru = GruForm.standard(true);
    assertEquals(gru, GruForm.standard(false).with(gru.attributes()));
  }
}
