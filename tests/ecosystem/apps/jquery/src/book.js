import $ from 'jquery'
import { keep } from './keep.js'

$('#book').on('submit', function (event) {
  event.preventDefault()
  const $form = $(this)
  $.post($form.attr('action'), $form.serialize(), function () {
    window.location.href = '/confirm.html?' + $.param({ about: $form.find('[name=visitReason]').val() }) // planted 1: sensitive-query-navigation about
  })
})

$('#reserve').on('submit', function (event) {
  event.preventDefault()
  const $form = $(this)
  $.post($form.attr('action'), $form.serialize(), function () {
    window.location.href = '/confirm.html?' + $.param({ at: $form.find('[name=slot]').val() }) // clean 1: at
  })
})

$('#number').on('change', function () {
  keep('draft', $(this).val())
})

$('select[name=slot]').on('change', function () {
  keep('slot', $(this).val()) // clean 3: slot
})
