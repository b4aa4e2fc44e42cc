// A partner's number is marked where it stands: what is selected in the subject goes into the field.
const subject = document.getElementById("subject");
const number = document.getElementById("number");
subject?.addEventListener("mouseup", () => {
  const marked = String(getSelection()).trim();
  if (marked && marked.length <= number.maxLength && subject.textContent.includes(marked)) number.value = marked;
});
