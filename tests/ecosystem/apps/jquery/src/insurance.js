import $ from 'jquery'

$('#cover').on('submit', (event) => {
  event.preventDefault()
  const fields = {}
  $.each($('#cover').serializeArray(), (_, field) => {
    fields[field.name] = field.value
  })
  const $cover = $('#cover').find('select[name=insuranceSector]')
  gtag('event', 'cover_chosen', { kind: $cover.val() }) // planted 2: sensitive-data-in-tracking-call insuranceSector
  gtag('event', 'language_chosen', { language: fields.language }) // clean 2: language
  $.ajax({ url: '/api/insurance', method: 'POST', data: fields }).done(() => $('#cover').hide())
})
